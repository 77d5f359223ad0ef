import { about } from "./en/about";
import { audit } from "./en/audit";
import { auth } from "./en/auth";
import { backup } from "./en/backup";
import { common } from "./en/common";
import { customers } from "./en/customers";
import { approval, failure } from "./en/failure";
import { finance } from "./en/finance";
import { imports } from "./en/imports";
import { inventory } from "./en/inventory";
import { names } from "./en/names";
import { office } from "./en/office";
import { printing } from "./en/printing";
import { products } from "./en/products";
import { receipts } from "./en/receipts";
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
  failure,
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
  till,
  users,
};

/** The same keys in another language: nothing may be missing and nothing left over. */
export type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };
