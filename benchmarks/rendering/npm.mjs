// Reads a JSON list of MJML sources, writes a list of {html, errors}: what npm's mjml makes of them.
import mjml2html from "mjml";

let text = "";
for await (const piece of process.stdin) text += piece;
const answers = [];
for (const source of JSON.parse(text)) {
  try {
    const made = await mjml2html(source, { fonts: {}, validationLevel: "soft", keepComments: false });
    answers.push({ html: made.html, errors: made.errors.map((error) => error.formattedMessage || String(error)) });
  } catch (error) {
    answers.push({ html: "", errors: [String(error.message || error)] });
  }
}
process.stdout.write(JSON.stringify(answers));
