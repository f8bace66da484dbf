import { mount } from "../shared/mount";
import { keepAwake, reloadForPolicy } from "./awake";
import { ScreenPage } from "./page";
import "./screen.css";

keepAwake();
reloadForPolicy();
mount(<ScreenPage />, "dark");
