import { mount } from "../shared/mount";
import { Signed } from "../shared/signed";
import "./readiness.css";
import "./rows.css";
import "./narrow.css";
import "./rehearsals.css";
import { ReadinessPage } from "./page";

mount(
  <Signed>
    <ReadinessPage />
  </Signed>,
  "dark",
);
