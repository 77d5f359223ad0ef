import { about } from "./en/about";
import { audit } from "./en/audit";
import { auth } from "./en/auth";
import { backup } from "./en/backup";
import { common } from "./en/common";
import { customers } from "./en/customers";
import { exceptions } from "./en/exceptions";
import { approval, failure, things } from "./en/failure";
import { fields } from "./en/fields";
import { finance } from "./en/finance";
import { found } from "./en/found";
import { imports } from "./en/imports";
import { inventory } from "./en/inventory";
import { machine } from "./en/machine";
import { names } from "./en/names";
import { office } from "./en/office";
import { printing } from "./en/printing";
import { products } from "./en/products";
import { receipts } from "./en/receipts";
import { rows } from "./en/rows";
import { sessions } from "./en/sessions";
import { settings } from "./en/settings";
import { shell } from "./en/shell";
import { start } from "./en/start";
import { sync } from "./en/sync";
import { till } from "./en/till";
import { users } from "./en/users";

/** English, and the list of all words there are: one file for each feature. */
export const en = {
  about,
  approval,
  audit,
  auth,
  backup,
  common,
  customers,
  exceptions,
  failure: { ...failure, ...fields, ...rows, ...found, ...machine },
  finance,
  imports,
  inventory,
  names,
  office,
  printing,
  products,
  receipts,
  sessions,
  settings,
  shell,
  start,
  sync,
  things,
  till,
  users,
};

/** The same keys in another language: nothing may be missing and nothing left over. */
export type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };
