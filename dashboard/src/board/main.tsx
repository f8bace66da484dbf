import { mount } from "../shared/mount";
import { Signed } from "../shared/signed";
import "./board.css";
import { BoardPage } from "./page";

mount(
  <Signed>
    <BoardPage />
  </Signed>,
  "dark",
);
