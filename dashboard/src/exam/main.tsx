import { mount } from "../shared/mount";
import { ExamPage } from "./page";
import { start } from "./session";
import "./exam.css";

const dark = typeof matchMedia === "function" && matchMedia("(prefers-color-scheme: dark)").matches;

mount(<ExamPage />, dark ? "dark" : "light");
start();
