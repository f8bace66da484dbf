import { mount } from "../shared/mount";
import "./desk.css";
import { DeskPage } from "./page";

mount(<DeskPage />);
