/** The rice barn: a steep roof on four posts. */
export function Mark() {
  return (
    <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true">
      <path d="M14 2 C20 4 25 10 26 16 H2 C3 10 8 4 14 2 Z" fill="var(--accent)" />
      <path d="M5 18 H23 V21 H5 Z" fill="var(--accent)" />
      <path d="M6 22 H8.5 V26 H6 Z M19.5 22 H22 V26 H19.5 Z" fill="var(--accent)" />
      <path d="M12.75 22 H15.25 V26 H12.75 Z" fill="var(--accent)" />
    </svg>
  );
}
