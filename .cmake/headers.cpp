// headers.cpp - nothing: what precompiled headers need to belong to. See build.cmake.
