import { dictionary } from "../shared/i18n";

export const t = dictionary({
  product: { vi: "Điểm cầu", en: "Diem Cau" },
  purpose: { vi: "Buổi học, điểm danh và thi trực tuyến", en: "Live sessions, roll calls and exams" },
  username: { vi: "Tên đăng nhập", en: "User name" },
  password: { vi: "Mật khẩu", en: "Password" },
  signIn: { vi: "Đăng nhập", en: "Sign in" },
  showPassword: { vi: "Hiện mật khẩu", en: "Show password" },
  mustChange: {
    vi: "Đây là mật khẩu dùng một lần. Hãy đặt mật khẩu của riêng mình.",
    en: "This is a one-time password. Choose a password of your own.",
  },
  fresh: { vi: "Mật khẩu mới", en: "New password" },
  freshHint: {
    vi: "Ít nhất 10 ký tự. Một câu ngắn dễ nhớ là tốt nhất.",
    en: "At least 10 characters. A short sentence that you remember is best.",
  },
  again: { vi: "Nhập lại mật khẩu mới", en: "New password again" },
  differs: { vi: "Hai lần nhập không giống nhau.", en: "The two entries differ." },
  change: { vi: "Đổi mật khẩu và tiếp tục", en: "Change password and go on" },
});
