-- wrk: of 200 requests one is slow. So of all answers 99 of 100 are of fast handlers, and tell how long these wait for slow ones.
local count = 0

request = function()
  count = count + 1
  return wrk.format(nil, count % 200 == 0 and "/slow" or "/")
end
