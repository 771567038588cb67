// Looks at the site's pages in a browser, light and dark: what axe finds, what is wider than the window, and pictures of them.
//
//   node eng/site/check.mjs <the site's folder> <where axe-core and puppeteer-core are installed> <folder for pictures> [page…]
import { createServer } from 'node:http'
import { readFile, mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'

const [site, installed, pictures, ...given] = process.argv.slice(2)
const require = createRequire(path.resolve(installed, 'package.json'))
const puppeteer = require('puppeteer-core')
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8')
const pages = given.length > 0 ? given : [
  'index.html', 'docs/guide.html', 'docs/cookbook/README.html', 'docs/cookbook/chat.html', 'docs/operators.html',
  'docs/options.html', 'docs/how-fast.html', 'docs/benchmarks.html', 'docs/dashboard.html', 'docs/testing.html', 'docs/design.html', 'docs/comparisons.html',
  'docs/beyond-one-machine.html', 'docs/protocols/mongodb.html', 'docs/protocols/redis.html', 'docs/protocols/riak.html', 'api/Diesel.Reactive.Connection.html',
]

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2', '.woff': 'font/woff' }
const server = createServer(async (request, response) => {
  try {
    const file = path.join(site, decodeURIComponent(new URL(request.url, 'http://x').pathname))
    response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' }).end(await readFile(file))
  } catch {
    response.writeHead(404).end()
  }
}).listen(0, '127.0.0.1')
await new Promise(resolve => server.once('listening', resolve))

await mkdir(pictures, { recursive: true })
const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
let serious = 0
for (const page of pages) {
  for (const scheme of ['light', 'dark']) {
    const tab = await browser.newPage()
    await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    await tab.setViewport({ width: 1280, height: 900 })
    await tab.goto(`http://127.0.0.1:${server.address().port}/${page}`, { waitUntil: 'networkidle0' })
    const name = `${page.replaceAll('/', '-').replace('.html', '')}-${scheme}`
    await tab.screenshot({ path: path.join(pictures, `${name}.png`) })
    await tab.evaluate(axe)
    const found = await tab.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
    for (const each of found.violations.filter(one => one.impact === 'serious' || one.impact === 'critical')) {
      serious++
      console.log(`${page} (${scheme}): ${each.impact}: ${each.help}: ${each.nodes.length}, first ${each.nodes[0].html.slice(0, 160)}: ${each.nodes[0].any[0]?.message ?? ''}`)
    }
    const missing = await tab.evaluate(() => [...document.images].filter(one => one.complete && one.naturalWidth === 0).map(one => one.src))
    if (missing.length > 0) {
      serious++
      console.log(`${page} (${scheme}): ${missing.length} pictures are missing, first ${missing[0]}`)
    }
    await tab.setViewport({ width: 390, height: 844 })
    const wider = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (wider > 0) {
      serious++
      console.log(`${page} (${scheme}): ${wider} pixels wider than a narrow window`)
    }
    await tab.screenshot({ path: path.join(pictures, `${name}-narrow.png`) })
    await tab.close()
  }
}
await browser.close()
server.close()
console.log(`${pages.length} pages, light and dark: ${serious} serious findings`)
process.exit(serious > 0 ? 1 : 0)
