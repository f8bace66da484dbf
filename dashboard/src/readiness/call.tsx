import type { JSX } from "preact";
import { Icon } from "../shared/icons";
import type { Room } from "./model";
import { t } from "./words";

/** Whom to call, in one tap. */
export function Call(props: { line: Pick<Room, "contact" | "phone"> }): JSX.Element {
  const { line } = props;
  if (!line.phone) return <span class="muted">{t.noPhone}</span>;
  return (
    <a class="button primary call" href={`tel:${line.phone.replace(/[^\d+]/g, "")}`}>
      <Icon name="phone" />
      <span>
        <span class="contact">{line.contact || t.call("")}</span>
        <b class="num">{line.phone}</b>
      </span>
    </a>
  );
}
