import { useTranslation } from "react-i18next";
import type { Credit } from "../../api/bindings";
import { Banner, Field, Form, Section, TextArea } from "../../components";
import { useMay } from "../../seat";
import { CreditFacts } from "./CreditFacts";
import { CreditFields } from "./CreditFields";
import css from "./Customers.module.css";
import type { CustomerFormState, Draft } from "./useCustomerForm";

type Text = "code" | "name" | "phone" | "email" | "address" | "country" | "tax_number" | "note";

/** Who a customer is and on which terms they buy. */
export function CustomerForm(props: {
  form: CustomerFormState;
  credit: Credit | null;
  archived: boolean;
}) {
  const { form, credit, archived } = props;
  const { draft, change } = form;
  const { t } = useTranslation();
  const mayEdit = useMay("customers:edit");
  const isFixed = !mayEdit || archived;
  const bind = (name: Text) => ({
    name,
    value: draft[name],
    onChange: (value: string) => change({ [name]: value } as Partial<Draft>),
    isReadOnly: isFixed,
  });
  return (
    <Form id={form.formId} onSubmit={form.submit} problem={form.problem}>
      {!mayEdit && <Banner tone="calm">{t("office.onlyLook")}</Banner>}
      {archived && <Banner tone="warn">{t("customers.archivedHelp")}</Banner>}
      {credit && <CreditFacts credit={credit} />}
      <div className={css.editor}>
        <Section title={t("customers.person")}>
          <div className={css.fields}>
            <div className={css.wide}>
              <Field
                {...bind("name")}
                label={t("common.name")}
                isRequired
                autoFocus={draft.customer_id === null}
                testId="customer-name"
              />
            </div>
            <Field
              {...bind("code")}
              label={t("common.code")}
              help={t("customers.codeHelp")}
              testId="customer-code"
            />
            <Field {...bind("tax_number")} label={t("customers.taxNumber")} />
            <Field
              {...bind("phone")}
              label={t("customers.phone")}
              type="tel"
              testId="customer-phone"
            />
            <Field {...bind("email")} label={t("customers.email")} type="email" />
            <div className={css.wide}>
              <TextArea {...bind("address")} label={t("customers.address")} rows={2} />
            </div>
            <Field {...bind("country")} label={t("customers.country")} />
            <div className={css.wide}>
              <TextArea {...bind("note")} label={t("customers.note")} rows={2} />
            </div>
          </div>
        </Section>
        <CreditFields form={form} isFixed={isFixed} />
      </div>
    </Form>
  );
}
