import { listenForInvigilator } from "../shared/hotkey";
import { mount } from "../shared/mount";
import "./guide.css";
import { GuidePage } from "./page";

listenForInvigilator();
mount(<GuidePage />);
