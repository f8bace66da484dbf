import { listenForInvigilator } from "../shared/hotkey";
import { mount } from "../shared/mount";
import { keepAwake, reloadForPolicy, reloadWhenBroken } from "../shared/awake";
import { ScreenPage } from "./page";
import "./screen.css";
import "./corner.css";
import "./foot.css";
import "./phone.css";
import "./upright.css";

keepAwake();
listenForInvigilator();
reloadForPolicy();
reloadWhenBroken();
mount(<ScreenPage />, "dark");
