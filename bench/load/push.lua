-- wrk: posts signed push events, each under a GUID of its own.
-- Environment: EVENTS, a file with "sha256=SIGNATURE BODY" lines (harness/events.py); SEED, a number; GUIDS, "random" for
-- such ones, else they begin with the time, as GitHub's do.

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

local before, after, bodies, at = nil, {}, 0, 0
local random, guid = math.random, nil

local function random_guid()
  return string.format("%08x-%04x-4%03x-%04x-%06x%06x",
    random(0, 0xffffffff), random(0, 0xffff), random(0, 0xfff), random(0x8000, 0xbfff),
    random(0, 0xffffff), random(0, 0xffffff))
end

-- UUIDs of version 1: when it was made, in 100 ns since 1582, its fastest part first, then which machine made it. They arrive a
-- little out of order, up to a tenth of a second.
local LOW, MIDDLE = 2 ^ 32, 2 ^ 16
local low, high -- together the time: it has more digits than a number
local function guid_of_now()
  low = low + random(1, 2000)
  if low >= LOW then
    low, high = low - LOW, high + 1
  end
  local made = low - random(0, 1000000)
  return string.format("%08x-%04x-1%03x-%04x-%06x%06x",
    made % LOW, (made < 0 and high - 1 or high) % MIDDLE, math.floor(high / MIDDLE), random(0x8000, 0xbfff),
    random(0, 0xffffff), random(0, 0xffffff))
end

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
  at = random(bodies)
  sent = 0
  guid = os.getenv("GUIDS") == "random" and random_guid or guid_of_now
  local now = os.time() * 1e7 + 0x01b21dd213814000
  low, high = now % LOW, math.floor(now / LOW)
end

function request()
  at = at % bodies + 1
  sent = sent + 1
  return before .. guid() .. after[at]
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
