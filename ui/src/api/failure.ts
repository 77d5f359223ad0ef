// An error as the program tells it. The code is for us, the message for the person.
import type { Failure } from "./bindings";

export type { Failure };

/** The codes a screen acts on; any other is shown as its message. */
export type ActedOn =
  | "approval_required"
  | "signed_out"
  | "locked"
  | "no_session"
  | "not_found"
  | "invalid"
  | "conflict"
  | "cancelled";

/** The person closed the approval dialog: nothing happened and nothing needs to be said. */
export const CANCELLED: Failure = { code: "cancelled", message: "", fields: {}, facts: {} };

function isFailure(thrown: unknown): thrown is Failure {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown;
}

/** Whatever was thrown, as a `Failure`; the window's own refusals arrive as plain strings. */
export function toFailure(thrown: unknown): Failure {
  if (isFailure(thrown)) {
    return { ...thrown, fields: thrown.fields ?? {}, facts: thrown.facts ?? {} };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "unreachable", message, fields: {}, facts: {} };
}

export function failed(thrown: unknown, code: ActedOn): boolean {
  return toFailure(thrown).code === code;
}
