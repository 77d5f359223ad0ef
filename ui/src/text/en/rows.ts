/** What is wrong with a row of an imported file: the rest of a sentence that names its line. */
export const rows = {
  cell_check_digit: '"{{cell}}" has a wrong check digit',
  cell_decimals: '"{{cell}}" has more than {{limit}} decimals',
  cell_far_date: '"{{cell}}" lies outside the years 1970 to 2100',
  cell_formula: '"{{cell}}" is a formula: put its value there',
  cell_grouping: '"{{cell}}" has its commas and points at places where no number has them',
  cell_missing: "is empty",
  cell_negative: '"{{cell}}" is below zero',
  cell_not_a_date: '"{{cell}}" is not a date',
  cell_not_a_number: '"{{cell}}" is not a number',
  cell_not_one_of: '"{{cell}}" is not one of: {{known}}',
  cell_scientific:
    '"{{cell}}" is in scientific notation, so the spreadsheet has dropped digits: format the column as text and enter it again',
  cell_spreadsheet_error: "is the spreadsheet error {{cell}}",
  cell_too_large: '"{{cell}}" is larger than any real value',
  cell_too_long: "is longer than {{limit}} characters",
  cell_unprintable: "has characters that cannot be printed",
  cell_zero: "is zero",
  document_differs:
    "Document {{number}} is here with {{here}} and in this file with {{there}}; it was left as it is.",
  file_formulas:
    "{{count}} cells are formulas; the values they showed when the workbook was last saved are used.",
  file_not_utf8:
    "The file is not UTF-8 and is read as Windows-1252: look whether letters such as é and £ are right.",
  row_amount_too_large: "quantity times price is larger than any real amount",
  row_barcode_taken: "the barcode {{code}} belongs to the product {{owner}} already",
  row_code_twice: "{{code}} is in line {{before}} already",
  row_customer_there: "the customer {{code}} is there already",
  row_customer_twice: "{{name}} with this telephone number is in line {{before}} already",
  row_name_shortened: 'the name of {{code}} is shortened to "{{name}}"',
  row_nameless: "the row has neither a code nor a barcode",
  row_product_there: "the product {{code}} is there already",
  row_too_wide:
    "the row has {{cells}} cells and the heading {{columns}}: a separator stands in a text without quotation marks",
  row_two_customers: "document {{number}} has lines of two customers",
  row_unit_missing: "{{code}} has no unit {{unit}} yet; add it on the page of the product",
  row_unit_stays: "{{code}} is kept in {{unit}} and stays so",
};
