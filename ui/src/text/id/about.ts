export const about = {
  find: "Cari pustaka atau lisensi",
  free: "Lumbung adalah perangkat lunak bebas dengan lisensi GNU Affero General Public License, versi 3 atau yang lebih baru. Anda boleh memakai, mempelajari, membagikan, dan memperbaikinya; tanpa jaminan apa pun.",
  libraries: "Dibuat dengan",
  librariesLead:
    "Karya banyak orang lain: {{count}} pustaka, masing-masing dengan lisensinya sendiri.",
  library: "Pustaka",
  licence: "Lisensi",
  noWarnings:
    "Tidak ada peringatan: data terbuka dan kuncinya tersimpan di penyimpan kunci mesin ini.",
  part: "Dipakai untuk",
  parts: { program: "Program", screens: "Layar", fonts: "Huruf" },
  terminal: "Kasir ini",
  title: "Tentang Lumbung",
  version: "Versi",
};
