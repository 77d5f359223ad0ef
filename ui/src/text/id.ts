import type { en, Words } from "./en";
import { about } from "./id/about";
import { audit } from "./id/audit";
import { auth } from "./id/auth";
import { backup } from "./id/backup";
import { common } from "./id/common";
import { customers } from "./id/customers";
import { approval, failure } from "./id/failure";
import { finance } from "./id/finance";
import { imports } from "./id/imports";
import { inventory } from "./id/inventory";
import { names } from "./id/names";
import { office } from "./id/office";
import { printing } from "./id/printing";
import { products } from "./id/products";
import { receipts } from "./id/receipts";
import { sessions } from "./id/sessions";
import { settings } from "./id/settings";
import { shell } from "./id/shell";
import { start } from "./id/start";
import { sync } from "./id/sync";
import { till } from "./id/till";
import { users } from "./id/users";

/** Bahasa Indonesia. */
export const id: Words<typeof en> = {
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
