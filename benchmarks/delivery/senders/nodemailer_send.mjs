// nodemailer with its pool, with or without DKIM: as many messages under way as it has connections, twice over.
import { readFileSync, appendFileSync } from "node:fs";
import { createRequire } from "node:module";

const job = JSON.parse(readFileSync(process.argv[2], "utf8"));
const letter = JSON.parse(readFileSync(job.letter, "utf8"));
const nodemailer = createRequire(job.modules + "/")("nodemailer");

const mark = (said) => {
  const used = process.resourceUsage();
  const line = { at: Number(process.hrtime.bigint()) / 1e9, cpu: (used.userCPUTime + used.systemCPUTime) / 1e6, said };
  appendFileSync(job.report, JSON.stringify(line) + "\n");
};

const filled = (text, links) =>
  Object.entries(letter.slots).reduce((whole, [name, placeholder]) => whole.replaceAll(placeholder, links[name]), text);

const message = (number) => {
  const links = {
    unsubscribe_url: "https://nyhetsbrev.example.org/u/" + String(number).padStart(28, "0"),
    view_url: "https://nyhetsbrev.example.org/i/2026-12",
  };
  return {
    from: letter.from,
    to: { name: `Läsare ${number}`, address: `reader${number}@d${number % 97}.example.org` },
    subject: letter.subject,
    text: filled(letter.text, links),
    html: filled(letter.html, links),
    textEncoding: "quoted-printable",
    headers: { "List-Unsubscribe": `<${links.unsubscribe_url}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
  };
};

const transport = nodemailer.createTransport({
  host: "127.0.0.1",
  port: job.port,
  name: "n.example.org",
  ignoreTLS: true,
  pool: true,
  maxConnections: job.connections,
  maxMessages: Infinity,
  ...(job.key && {
    dkim: { domainName: "regionexempel.example.org", keySelector: "n1", privateKey: readFileSync(job.key, "utf8") },
  }),
});

let next = 1;
let sent = 0;
const worker = async () => {
  while (next <= job.count) {
    await transport.sendMail(message(next++));
    sent += 1;
  }
};

mark({});
await Promise.all(Array.from({ length: 2 * job.connections }, worker));
transport.close();
mark({ sent });
