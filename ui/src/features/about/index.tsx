import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { Banner, Facts, Field, Loaded, Notes, Page, Section, Table } from "../../components";
import { useSeat } from "../../seat";
import css from "./About.module.css";
import { LIBRARIES } from "./libraries";

/** Which Lumbung this is, where its data lies, and whose work it is made of. */
export default function About() {
  const { t } = useTranslation();
  const { place } = useSeat();
  const [wanted, setWanted] = useState("");
  const words = wanted.trim().toLowerCase();
  const found = LIBRARIES.filter(({ name, licence }) =>
    `${name} ${licence}`.toLowerCase().includes(words),
  );
  const status = useRead("start.status", {});
  return (
    <Page title={t("about.title")}>
      <Section>
        <Loaded query={status} rows={3}>
          {({ version, data_folder, warnings }) => (
            <>
              <Facts
                facts={[
                  { term: t("about.version"), value: `Lumbung ${version}`, testId: "version" },
                  {
                    term: t("about.terminal"),
                    value: `${place.branch.code} · ${place.terminal.series} · ${place.terminal.name}`,
                  },
                ]}
              />
              <p className={css.path} data-selectable>
                {t("start.dataFolder", { folder: data_folder })}
              </p>
              {warnings.length === 0 && <Banner tone="calm">{t("about.noWarnings")}</Banner>}
              <Notes said={warnings} />
            </>
          )}
        </Loaded>
      </Section>
      <Section title={t("about.licence")}>
        <p className={css.words}>{t("about.free")}</p>
      </Section>
      <Section title={t("about.libraries")}>
        <p className={css.words}>{t("about.librariesLead", { count: LIBRARIES.length })}</p>
        <Field label={t("about.find")} value={wanted} onChange={setWanted} testId="library-find" />
        <Table
          label={t("about.libraries")}
          rows={found}
          keyOf={(row) => `${row.part} ${row.name} ${row.version}`}
          columns={[
            { id: "name", title: t("about.library"), cell: (row) => row.name },
            { id: "version", title: t("about.version"), cell: (row) => row.version },
            { id: "part", title: t("about.part"), cell: (row) => t(`about.parts.${row.part}`) },
            { id: "licence", title: t("about.licence"), cell: (row) => row.licence },
          ]}
        />
      </Section>
    </Page>
  );
}
