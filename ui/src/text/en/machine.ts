/** What the store, the printers and the rest of the machine say. */
export const machine = {
  amount_too_large: "the amounts on the document are too large to add up",
  bad_cash_amount: "Enter an amount above zero.",
  bad_cash_rule: "The smallest coin must be above zero.",
  bad_credit_amount: "An amount on account is above zero.",
  bad_permission: '"{{text}}" is not a permission; write *, pos:* or pos:sell.',
  bad_running_number: "The series is used up: ask the office.",
  bad_series_year: "{{year}} is not a year between 2000 and 2099.",
  bad_stock_qty: "Enter a quantity above zero.",
  busy: "Something is still being done with the data. Wait for it, then try again.",
  company_exists: "This data folder holds a company already: choose another folder for a new one.",
  divide_by_zero: "The number cannot be divided by zero.",
  document_too_long: "the document has {{lines}} lines; at most {{most}} can be printed at once",
  does_not_fit_pattern: "{{value}} does not fit into {{pattern}}.",
  entry_too_few_lines: "An entry has at least two lines.",
  entry_unbalanced: "The entry is {{difference, money}} out of balance; nothing was posted.",
  font_damaged: "the font {{name}} in this program is damaged; install the program again",
  key_in_file:
    "The key of the data is kept in the file {{path}}, because {{why}}. Whoever copies the folder can read the data.",
  negative_cost: "A cost cannot be below zero.",
  no_seat: "The administrator's command line does not sign in.",
  no_untaxed_class:
    "Sales of the past are taken over without tax: make a tax class with a rate of 0 first.",
  nothing_new: "All {{count}} documents of {{file}} are here already.",
  nothing_to_print: "there is nothing to print",
  paper_does_not_add_up: "the lines on the paper add up to {{printed}}, not to {{total}}",
  paper_failed: "the document could not be written: {{reason}}",
  paper_missing_characters: "no font has these characters: {{characters}}",
  paper_not_a_code: '"{{text}}" cannot be printed as a code',
  paper_shortened: '"{{text}}" is too long for its label',
  print_settings: "the print settings cannot be used: {{reason}}",
  printer_failed: "The printer at {{place}} cannot be used: {{reason}}",
  printer_failed_before: "{{words}}",
  printer_folder_full: "There is no space left in {{place}}.",
  printer_forbidden:
    "This user may not print on {{place}}: ask an administrator for the right to use it.",
  printer_missing: "There is no printer at {{place}}: is it plugged in and switched on?",
  printer_no_answer: "The printer at {{place}} did not answer: is it switched on?",
  printer_queue: "The print queue {{queue}} does not take the document: {{reason}}",
  printer_refused: "The printer at {{place}} refused the connection: is the port right?",
  printer_stopped:
    "The printer at {{place}} stopped after {{sent}} of {{of}} bytes: check paper and cover, then print again.",
  printer_unknown:
    "There is no printer called {{place}} in the network: check its name or address.",
  series_changed:
    "This data was restored or copied: document numbers go on as series {{new}} instead of {{old}}.",
  start_empty: "There is no company in this data folder yet.",
  start_ready: "Ready.",
  store_absent: "There is no Lumbung data in {{folder}}.",
  store_backup: "The backup {{file}} cannot be used: {{detail}}",
  store_damaged:
    "The data file is damaged: {{detail}}. Nothing was changed. Restore a backup, then bring back what the damaged file still holds.",
  store_disk_full:
    "The disk is full. Nothing of this action was saved; free some space and try again.",
  store_exists: "{{folder}} already holds Lumbung data; it was left as it is.",
  store_file_exists: "{{file}} exists already; it was left as it is.",
  store_given_up: "The database gave this action up: nothing of it was saved. Try again.",
  store_in_use:
    "The data in {{folder}} is open in another Lumbung window or command. Close that one first.",
  store_io: "{{file}} could not be read or written: {{detail}}",
  store_key_missing:
    "The key of this data is missing from {{place}}. Without it the data cannot be read: bring the key back, or restore a backup exported with a passphrase.",
  store_key_store: "The key store of this computer refused: {{detail}}",
  store_key_wrong:
    "The key found in {{place}} belongs to other data, so this data cannot be read with it.",
  store_migration: "The data could not be brought to this version: {{detail}}",
  store_newer:
    "This data was written by a newer version of Lumbung (schema {{found}}; this program knows {{known}}). Install the newer version.",
  store_passphrase: "This passphrase does not open the file, or the file is damaged.",
  store_passphrase_short: "A passphrase has at least {{least}} characters.",
  store_too_large:
    "One action may record at most {{limit}} bytes of changes; this one has {{found}}. Split it.",
  unknown_command: 'There is no command "{{name}}".',
  unknown_label_stock: 'there is no label stock called "{{name}}"; known are {{known}}',
  unknown_permission: 'There is no permission "{{text}}".',
  void_not_a_sale: "Only a sale can be voided.",
  wrong_currency:
    "The file is in {{currency}} and the books are in {{books}}: it cannot be imported here.",
};
