-- wrk: posts signed push events, each under a GUID of its own.
-- Environment: EVENTS, a file with "sha256=SIGNATURE BODY" lines (harness/events.py); SEED, a number.

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

local before, after, bodies, at = nil, {}, 0, 0

function init(args)
  -- Each thread has its own generator, and the harness gives each run another seed.
  math.randomseed(tonumber(os.getenv("SEED")) * 64 + number)
  before = "POST /hooks/handle_github HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\n"
    .. "User-Agent: GitHub-Hookshot/044aadd\r\nAccept: */*\r\nContent-Type: application/json\r\n"
    .. "X-GitHub-Event: push\r\nX-GitHub-Hook-ID: 292430182\r\n"
    .. "X-GitHub-Hook-Installation-Target-ID: 900000001\r\n"
    .. "X-GitHub-Hook-Installation-Target-Type: repository\r\nX-GitHub-Delivery: "
  -- What does not change is put together once, or the load generator would be what is measured.
  for line in io.lines(os.getenv("EVENTS")) do
    local signature, body = line:match("^(%S+) (.*)$")
    bodies = bodies + 1
    after[bodies] = "\r\nX-Hub-Signature-256: " .. signature
      .. "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
  end
  at = math.random(bodies)
  sent = 0
end

function request()
  at = at % bodies + 1
  sent = sent + 1
  local random = math.random
  return before
    .. string.format("%08x-%04x-4%03x-%04x-%06x%06x",
      random(0, 0xffffffff), random(0, 0xffff), random(0, 0xfff), random(0x8000, 0xbfff),
      random(0, 0xffffff), random(0, 0xffffff))
    .. after[at]
end

-- wrk itself counts every answer that is not 2xx or 3xx; a response() here would cost more than some servers do.
function done(summary, latency, requests)
  local issued = 0
  for _, thread in ipairs(threads) do
    issued = issued + thread:get("sent")
  end
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"answers":%d,"issued":%d,"micros":%d,"p50":%d,"p99":%d,"max":%d,'
    .. '"refused":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d}\n',
    summary.requests, issued, summary.duration,
    latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect, errors.read, errors.write, errors.timeout))
end
