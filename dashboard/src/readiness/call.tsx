import type { JSX } from "preact";
import { Icon } from "../shared/icons";
import { Phone } from "../shared/phone";
import type { Room } from "./model";
import { t } from "./words";

/** Whom to call, in one tap; or who is calling already. */
export function Call(props: { line: Pick<Room, "site" | "contact" | "phone"> }): JSX.Element {
  const { line } = props;
  if (!line.phone) return <span class="muted">{t.noPhone}</span>;
  return (
    <Phone site={line.site} phone={line.phone} class="button primary call">
      <Icon name="phone" />
      <span>
        <span class="contact">{line.contact || t.call("")}</span>
        <b class="num">{line.phone}</b>
      </span>
    </Phone>
  );
}
