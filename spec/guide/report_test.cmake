# The page lists every clause that the guide's server breaks, and no other: judges the server and compares. Wants:
# conformance and server (programs), page, report (a file's path without its ending).
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND ${conformance} server --kind blocking --json ${report}.json --html ${report}.html
  -- ${server} {app} {port} RESULT_VARIABLE code)
if(code GREATER 1)
  message(FATAL_ERROR "nothing was judged")
endif()

file(READ ${report}.json json)
string(JSON count LENGTH ${json} clauses)
math(EXPR last "${count} - 1")
set(found "")
foreach(i RANGE ${last})
  string(JSON id MEMBER ${json} clauses ${i})
  string(JSON standing GET ${json} clauses ${id})
  if(standing STREQUAL "failed" OR standing STREQUAL "warned")
    list(APPEND found ${id})
  endif()
endforeach()

# The table's rows: | CSGI-HTTP-004, CSGI-HTTP-016 | why |
set(listed "")
file(STRINGS ${page} rows REGEX "^\\| CSGI-")
foreach(row IN LISTS rows)
  string(REGEX REPLACE "^\\|([^|]*)\\|.*" "\\1" ids "${row}")
  string(REGEX MATCHALL "CSGI-[A-Z]+-[0-9]+" ids "${ids}")
  list(APPEND listed ${ids})
endforeach()

list(SORT found)
list(SORT listed)
if(NOT found STREQUAL listed)
  set(unlisted ${found})
  list(REMOVE_ITEM unlisted ${listed})
  list(REMOVE_ITEM listed ${found})
  message(FATAL_ERROR "broken but not on the page: ${unlisted}\non the page but not broken (or twice there): ${listed}")
endif()
