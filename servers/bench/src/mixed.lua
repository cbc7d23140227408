-- wrk: of 5,000 requests one is slow. wrk counts it some 16 times, once for each that its connection could have made meanwhile; so of
-- all answers that it counts 99 of 100 are of fast handlers, and tell how long these wait for slow ones.
local count = 0

request = function()
  count = count + 1
  return wrk.format(nil, count % 5000 == 0 and "/slow" or "/")
end
