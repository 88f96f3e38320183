// Starts the Bluesky server that the environment describes, and stops it in order. Run where it is installed.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const installed = createRequire(process.cwd() + '/package.json')
const { PDS, envToCfg, envToSecrets, readEnv } = await import(pathToFileURL(installed.resolve('@atproto/pds')))

// An address with a name and a certificate leads, in a test, to where the file says that it stands: what a proxy does.
const fetchThere = globalThis.fetch
globalThis.fetch = (input, init) => {
  const address = input instanceof Request ? input.url : String(input)
  const [name, stands] = publicAddress()
  if (!name || !address.startsWith(`${name}/`)) return fetchThere(input, init)
  const headers = { accept: 'application/json' }
  return fetchThere(stands + address.slice(name.length), { headers, redirect: 'error' })
}

function publicAddress() {
  try {
    return readFileSync(process.env.PUBLIC_ADDRESS_FILE, 'utf8').trim().split(' ')
  } catch {
    return []
  }
}

const environment = readEnv()
const server = await PDS.create(envToCfg(environment), envToSecrets(environment))
let stopping = false

async function stop() {
  if (stopping) return
  stopping = true
  await server.destroy()
  process.exit(0)
}

process.on('SIGTERM', stop)
process.stdin.on('end', stop).resume() // whoever started it is gone
await server.start()
console.log('ready')
