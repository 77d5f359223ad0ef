import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DateField, Select } from "../components";
import { useQueryParam } from "../router";
import { type Days, daysOf, PERIODS, periodOf, today } from "./days";

/** The days a report is about, kept in the address; this month unless others are chosen. */
export function usePeriod() {
  const [day] = useState(() => today());
  const usual = daysOf("month", day) ?? { from: day, to: day };
  const [from, setFrom] = useQueryParam("from", usual.from);
  const [to, setTo] = useQueryParam("to", usual.to);
  return {
    day,
    days: { from, to },
    setDays: (days: Days) => {
      setFrom(days.from);
      setTo(days.to);
    },
    /** Both days are there: the report can be asked for. */
    isWhole: from !== "" && to !== "",
  };
}

export function PeriodFields({ period }: { period: ReturnType<typeof usePeriod> }) {
  const { t } = useTranslation();
  const { day, days, setDays } = period;
  return (
    <>
      <Select
        label={t("finance.period")}
        options={PERIODS.map((id) => ({ id, label: t(`finance.periods.${id}`) }))}
        value={periodOf(days, day)}
        onChange={(name) => {
          const chosen = daysOf(name, day);
          if (chosen) setDays(chosen);
        }}
        testId="period"
      />
      <DateField
        label={t("common.from")}
        value={days.from}
        onChange={(from) => setDays({ ...days, from })}
      />
      <DateField
        label={t("common.to")}
        value={days.to}
        onChange={(to) => setDays({ ...days, to })}
      />
    </>
  );
}
