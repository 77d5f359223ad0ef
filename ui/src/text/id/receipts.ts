export const receipts = {
  because: "Alasan: {{reason}}",
  copies__one: "{{count}} salinan",
  copies__other: "{{count}} salinan",
  kind: "Jenis",
  kinds: {
    return: "Retur",
    sale: "Penjualan",
    void: "Pembatalan",
  },
  none: "Struk tidak ditemukan",
  noneHelp: "Coba sebagian nomor, atau hari lain.",
  original: "Dari struk {{number}}",
  reprint: "Cetak ulang",
  search: "Pindai atau ketik nomor",
  source: "diimpor sebagai {{number}}",
  title: "Struk",
  void: "Batalkan",
  voidDone: "Dibatalkan dengan {{number}}.",
  voidHelp:
    "Hanya dalam sesi yang sama. Seluruh penjualan ditarik dengan dokumen tersendiri; sesudahnya menjadi retur.",
  voidTitle: "Batalkan {{number}}",
  voided: "Dibatalkan",
};
