// A shared library that is no plug-in.
extern "C" int silent() { return 0; }
