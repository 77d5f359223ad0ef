export const rows = {
  cell_check_digit: 'digit pemeriksa "{{cell}}" salah',
  cell_decimals: '"{{cell}}" punya lebih dari {{limit}} desimal',
  cell_far_date: '"{{cell}}" di luar tahun 1970 sampai 2100',
  cell_formula: '"{{cell}}" adalah rumus: isi dengan nilainya',
  cell_grouping: 'koma dan titik pada "{{cell}}" berada di tempat yang tidak mungkin',
  cell_missing: "kosong",
  cell_negative: '"{{cell}}" kurang dari nol',
  cell_not_a_date: '"{{cell}}" bukan tanggal',
  cell_not_a_number: '"{{cell}}" bukan angka',
  cell_not_one_of: '"{{cell}}" bukan salah satu dari: {{known}}',
  cell_scientific:
    '"{{cell}}" ditulis secara ilmiah sehingga digit terakhirnya hilang: jadikan kolom ini teks lalu isi kembali',
  cell_spreadsheet_error: "berisi galat lembar kerja {{cell}}",
  cell_too_large: '"{{cell}}" lebih besar dari nilai mana pun yang nyata',
  cell_too_long: "lebih panjang dari {{limit}} huruf",
  cell_unprintable: "memuat huruf yang tidak dapat dicetak",
  cell_zero: "nol",
  document_differs:
    "Dokumen {{number}} di sini bernilai {{here}} dan di berkas ini {{there}}; dokumen dibiarkan apa adanya.",
  file_formulas:
    "{{count}} sel berisi rumus; yang dipakai adalah nilai yang tampak ketika buku kerja terakhir disimpan.",
  file_not_utf8:
    "Berkas ini bukan UTF-8 dan dibaca sebagai Windows-1252: periksa apakah huruf seperti é dan £ benar.",
  row_amount_too_large: "jumlah kali harga lebih besar dari nilai mana pun yang nyata",
  row_barcode_taken: "barcode {{code}} sudah milik produk {{owner}}",
  row_code_twice: "{{code}} sudah ada di baris {{before}}",
  row_customer_there: "pelanggan {{code}} sudah ada",
  row_customer_twice: "{{name}} dengan nomor telepon ini sudah ada di baris {{before}}",
  row_name_shortened: 'nama {{code}} dipendekkan menjadi "{{name}}"',
  row_nameless: "baris ini tidak punya kode maupun barcode",
  row_product_there: "produk {{code}} sudah ada",
  row_too_wide:
    "baris ini punya {{cells}} sel dan judulnya {{columns}}: ada pemisah di dalam teks tanpa tanda kutip",
  row_two_customers: "dokumen {{number}} punya baris dari dua pelanggan",
  row_unit_missing: "{{code}} belum punya satuan {{unit}}; tambahkan di halaman produknya",
  row_unit_stays: "{{code}} disimpan dalam {{unit}} dan tetap begitu",
};
