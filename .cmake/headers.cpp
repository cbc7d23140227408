// headers.cpp - nothing: what precompiled headers need to belong to. See csgi_not_under_test() in build.cmake.
