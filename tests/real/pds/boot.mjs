// Starts the Bluesky server that the environment describes, and stops it in order. Run where it is installed.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const installed = createRequire(process.cwd() + '/package.json')
const { PDS, envToCfg, envToSecrets, readEnv } = await import(pathToFileURL(installed.resolve('@atproto/pds')))

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
