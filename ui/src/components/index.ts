/*
 * The parts every screen is made of. They know no feature, no command and no address.
 *
 * Layout     Page (title, lead, actions, tools, flush for grids) · Section · Split (list + aside)
 *            Facts (names and values; `numeric` for totals) · Row · Stack
 * Doing      Button (tone plain|accent|danger|quiet, size, icon, hint, wide, isPending, onPress)
 *            IconButton (label is required) · Menu · KeyHint · CommandPalette
 * Entering   Form (onSubmit, problem: shows field messages at fields with that `name`)
 *            Field · TextArea · SearchField · Select · Picker (one of thousands, by search)
 *            Checkbox · Switch · DateField · FileField · PinPad
 *            MoneyField  minor units: number | null
 *            QtyField, UnitPriceField, RateField  decimal text: string | null (0.11 shown as 11 %)
 * Showing    Money (minor units) · Qty · UnitPrice · Rate · useFormat() for words and dates
 *            Table (hundreds of rows) · Grid (thousands, lazy) · Chip · Tabs · Progress
 *            Paper (preview of a receipt or report as PreviewLine[])
 * Saying     Loaded (query → loading, failed, content) · Skeleton · EmptyState · FailedState
 *            FailureBanner · Banner · Notes · useToast().say(words) / .fail(failure)
 * Asking     Dialog (mount to open; `keep` forbids Escape; `touch` for the till) · Confirm
 *            EntryDialog (fields and one button, Enter is the button)
 *
 * A screen, whole:
 *
 *   export default function Things() {
 *     const { t } = useTranslation();
 *     const [search, setSearch] = useQueryParam("q");
 *     const things = useRead("things.list", { search }, { keep: true });
 *     const rename = useWrite("things.rename");
 *     const toast = useToast();
 *     return (
 *       <Page title={t("things.title")} flush
 *         tools={<SearchField label={t("common.search")} value={search} onChange={setSearch} />}>
 *         <Loaded query={things}>
 *           {(rows) => rows.length === 0
 *             ? <EmptyState title={t("things.none")} />
 *             : <Table label={t("things.title")} columns={columns} rows={rows} keyOf={(r) => r.id} />}
 *         </Loaded>
 *       </Page>
 *     );
 *   }
 *
 * Writes: `rename.mutate(args, { onSuccess: () => toast.say(t("things.renamed")),
 * onError: toast.fail })`, or give `rename.error` to `Form problem`. A write that needs a manager
 * asks for one by itself. Inside `data-touch` every control is 48 px high.
 */

export {
  type DecimalFieldProps,
  MoneyField,
  type MoneyFieldProps,
  QtyField,
  RateField,
  UnitPriceField,
} from "./AmountFields";
export { Money, Qty, Rate, UnitPrice, useFormat } from "./Amounts";
export { Button, type ButtonProps, IconButton, type Tone } from "./Button";
export { Chip } from "./Chip";
export { Checkbox, type Option, Select, Switch } from "./Choice";
export { CommandPalette, type PaletteEntry } from "./CommandPalette";
export { CurrencyContext, useCurrency, useLocale } from "./currency";
export { DateField } from "./DateField";
export { Confirm, Dialog } from "./Dialog";
export { EntryDialog } from "./EntryDialog";
export { Banner, FailureBanner } from "./FailureBanner";
export { Field, type FieldProps, TextArea } from "./Field";
export { FileField } from "./FileField";
export { Form } from "./Form";
export { Grid, type GridColumn } from "./Grid";
export { KeyHint } from "./KeyHint";
export { Mark } from "./Mark";
export { Menu, type MenuEntry } from "./Menu";
export { Notes } from "./Notes";
export type { CurrencyInfo } from "./numbers";
export { type Fact, Facts, Page, Row, Section, Split, Stack } from "./Page";
export { Paper } from "./Paper";
export { Picker } from "./Picker";
export { PinPad } from "./PinPad";
export { Progress } from "./Progress";
export { type Problem, type Sentence, useSentence } from "./problem";
export { SearchField } from "./SearchField";
export { EmptyState, FailedState, Loaded, Skeleton } from "./States";
export { type Column, Table } from "./Table";
export { type TabItem, Tabs } from "./Tabs";
export { ToastProvider, useToast } from "./Toast";
export { Welcome } from "./Welcome";
