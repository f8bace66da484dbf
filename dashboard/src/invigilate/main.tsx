import { listenForInvigilator } from "../shared/hotkey";
import { mount } from "../shared/mount";
import "./invigilate.css";
import { InvigilatePage } from "./page";

listenForInvigilator();
mount(<InvigilatePage />, "dark");
