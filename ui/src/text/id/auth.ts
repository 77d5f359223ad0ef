export const auth = {
  chooseUser: "Siapa Anda?",
  enter: "Masuk",
  locked: "Dikunci oleh {{name}}",
  noUsers: "Belum ada yang boleh masuk di sini",
  noUsersHelp: "Minta pemilik menambahkan Anda ke cabang ini.",
  otherUser: "Orang lain",
  pin: "PIN",
  pinOf: "PIN {{name}}",
  ticketKept: "Nota di layar tetap tersimpan.",
  unlock: "Buka kunci",
  userName: "Nama pengguna",
  webHelp: "Ini pusat data perusahaan Anda. Masuk dengan nama dan PIN yang Anda pakai di kasir.",
};
