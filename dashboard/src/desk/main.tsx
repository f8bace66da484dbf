import { listenForInvigilator } from "../shared/hotkey";
import { mount } from "../shared/mount";
import "./desk.css";
import { DeskPage } from "./page";

listenForInvigilator();
mount(<DeskPage />);
