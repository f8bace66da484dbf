import "./shims";
import { mount } from "../shared/mount";
import { ExamPage } from "./page";
import { start } from "./session";
import "./exam.css";
import "./paper.css";
import "./overview.css";
import "./over.css";
import "./widths.css";

const dark = typeof matchMedia === "function" && matchMedia("(prefers-color-scheme: dark)").matches;

// What stands there is for browsers that do not get this far.
const ground = document.getElementById("page");
if (ground) ground.textContent = "";
mount(<ExamPage />, dark ? "dark" : "light");
start();
