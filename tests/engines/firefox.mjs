// Plays story.js in Firefox, over WebDriver BiDi. Arguments: the address, the browser's program, story.js, and the module of
// puppeteer-core. Prints a line of JSON for each of its two visits.
import { readFileSync } from "node:fs"

const [url, executablePath, story, puppeteer] = process.argv.slice(2)
const {
  default: { launch },
} = await import(puppeteer)
const browser = await launch({ browser: "firefox", executablePath, headless: true, protocolTimeout: 400_000 })
try {
  const page = await browser.newPage()
  const text = readFileSync(story, "utf8")
  await page.goto(url)
  console.log(await page.evaluate(`${text}; story(false)`))
  await page.reload()
  console.log(await page.evaluate(`${text}; story(true)`))
} finally {
  await browser.close()
}
