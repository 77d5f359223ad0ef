// The screens there are, in the order of the navigation. A screen is fetched when it is opened;
// only the till comes with the window.
//
// A new screen: `features/<name>/index.tsx` with a default export, its words in `text/en/<name>.ts`
// and `text/id/<name>.ts` (named in `text/en.ts` and `text/id.ts`), and a row here. Its name in the
// navigation is `shell.feature.<name>`. What it shows comes by `useRead`, what it does by
// `useWrite` (api/call.ts); the parts are listed in `components/index.ts`; parts that know a
// command and are used by several features are in `parts/`.
import {
  BookOpen,
  BookUser,
  Boxes,
  Cloud,
  FileUp,
  HardDriveDownload,
  History,
  Info,
  Landmark,
  Package,
  Printer,
  Receipt,
  Scale,
  Settings,
  ShoppingBasket,
  Users,
} from "lucide-react";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { transport } from "./api/transport";
import Till from "./features/till";
import type { en } from "./text/en";

export type FeatureName = keyof (typeof en)["shell"]["feature"];
export type FeatureGroup = keyof (typeof en)["shell"]["group"];

export interface Feature {
  name: FeatureName;
  group: FeatureGroup;
  icon: ComponentType;
  /** The permission that shows it. */
  needs: string;
  screen: ComponentType | LazyExoticComponent<ComponentType>;
  /** Works with a drawer, a printer or files of this machine: not in a browser. */
  till?: true;
}

export const FEATURES: Feature[] = [
  {
    name: "till",
    group: "sell",
    icon: ShoppingBasket,
    needs: "pos:sell",
    screen: Till,
    till: true,
  },
  {
    name: "sessions",
    group: "sell",
    icon: Landmark,
    needs: "pos:session",
    screen: lazy(() => import("./features/sessions")),
    till: true,
  },
  {
    name: "receipts",
    group: "sell",
    icon: Receipt,
    needs: "pos:read",
    screen: lazy(() => import("./features/receipts")),
  },
  {
    name: "products",
    group: "goods",
    icon: Package,
    needs: "catalogue:read",
    screen: lazy(() => import("./features/products")),
  },
  {
    name: "inventory",
    group: "goods",
    icon: Boxes,
    needs: "inventory:read",
    screen: lazy(() => import("./features/inventory")),
  },
  {
    name: "customers",
    group: "goods",
    icon: BookUser,
    needs: "customers:read",
    screen: lazy(() => import("./features/customers")),
  },
  {
    name: "imports",
    group: "goods",
    icon: FileUp,
    needs: "catalogue:import",
    screen: lazy(() => import("./features/imports")),
    till: true,
  },
  {
    name: "trial-balance",
    group: "finance",
    icon: Scale,
    needs: "finance:read",
    screen: lazy(() => import("./features/finance")),
  },
  {
    name: "ledger",
    group: "finance",
    icon: BookOpen,
    needs: "finance:read",
    screen: lazy(() => import("./features/finance/Ledger")),
  },
  {
    name: "users",
    group: "admin",
    icon: Users,
    needs: "users:read",
    screen: lazy(() => import("./features/users")),
  },
  {
    name: "settings",
    group: "admin",
    icon: Settings,
    needs: "settings:read",
    screen: lazy(() => import("./features/settings")),
  },
  {
    name: "printing",
    group: "admin",
    icon: Printer,
    needs: "pos:read",
    screen: lazy(() => import("./features/printing")),
    till: true,
  },
  {
    name: "sync",
    group: "admin",
    icon: Cloud,
    needs: "sync:read",
    screen: lazy(() => import("./features/sync")),
  },
  {
    name: "backup",
    group: "admin",
    icon: HardDriveDownload,
    needs: "backup:run",
    screen: lazy(() => import("./features/backup")),
    till: true,
  },
  {
    name: "audit",
    group: "admin",
    icon: History,
    needs: "audit:read",
    screen: lazy(() => import("./features/audit")),
  },
  {
    name: "about",
    group: "admin",
    icon: Info,
    needs: "public",
    screen: lazy(() => import("./features/about")),
  },
];

/** The screens that work where this page is: all of them at a till. */
export function here(): Feature[] {
  return transport().browser ? FEATURES.filter((feature) => !feature.till) : FEATURES;
}
