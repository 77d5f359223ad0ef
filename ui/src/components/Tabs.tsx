import type { ReactNode } from "react";
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from "react-aria-components";
import css from "./Tabs.module.css";

export interface TabItem {
  id: string;
  title: string;
  content: ReactNode;
}

export function Tabs(props: {
  label: string;
  items: TabItem[];
  selected: string;
  onSelect: (id: string) => void;
}) {
  const { label, items, selected, onSelect } = props;
  return (
    <AriaTabs
      className={css.tabs ?? ""}
      selectedKey={selected}
      onSelectionChange={(key) => onSelect(String(key))}
    >
      <TabList className={css.list ?? ""} aria-label={label}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} className={css.tab ?? ""}>
            {item.title}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className={css.panel ?? ""}>
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
