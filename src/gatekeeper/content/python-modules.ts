/** The top-level modules that a Python text imports. Relative imports, and prose in texts of several lines, are none. */
export function importedModules(text: string): ReadonlySet<string> {
  const code = text.replace(/("""|''')[\s\S]*?\1/g, '""');
  const names = [...code.matchAll(STATEMENT)].flatMap(({ groups = {} }) =>
    groups['from'] === undefined ? groups['list']!.split(',') : [groups['from']],
  );
  return new Set(names.map((name) => /\w+/.exec(name)?.[0] ?? '').filter((name) => name !== ''));
}

const STATEMENT =
  /^[ \t]*(?:from[ \t]+(?<from>[A-Za-z_]\w*)[\w.]*[ \t]+import\b|import[ \t]+(?<list>[A-Za-z_][\w.]*(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[A-Za-z_][\w.]*(?:[ \t]+as[ \t]+\w+)?)*)[ \t]*(?=[;#\r\n]|$))/gm;

/** The modules that the packages of a requirements file bring, in lower case. */
export function declaredModules(text: string): ReadonlySet<string> {
  const packages = text
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('-'))
    .map((line) => (/^[^>=<![;~@,(#\s]+/.exec(line)?.[0] ?? '').toLowerCase().replaceAll(/[-_.]+/g, '-'));
  return new Set(packages.flatMap(modulesOf));
}

function modulesOf(name: string): readonly string[] {
  const known = MODULES.get(name);
  if (known !== undefined) return known;
  if (name.startsWith('opentelemetry-')) return ['opentelemetry'];
  if (name.startsWith('google-')) return ['google', underscored(name)];
  return [underscored(name)];
}

function underscored(name: string): string {
  return name.replaceAll('-', '_');
}

/** Packages that are imported under another name than their own. */
const MODULES: ReadonlyMap<string, readonly string[]> = new Map([
  ['grpcio', ['grpc']],
  ['grpcio-tools', ['grpc_tools']],
  ['grpcio-health-checking', ['grpc_health']],
  ['grpcio-reflection', ['grpc_reflection']],
  ['grpcio-status', ['grpc_status']],
  ['protobuf', ['google']],
  ['googleapis-common-protos', ['google']],
  ['google-cloud-profiler', ['googlecloudprofiler', 'google']],
  ['google-api-python-client', ['googleapiclient', 'apiclient']],
  ['pyyaml', ['yaml']],
  ['python-dotenv', ['dotenv']],
  ['python-dateutil', ['dateutil']],
  ['python-json-logger', ['pythonjsonlogger']],
  ['python-jose', ['jose']],
  ['beautifulsoup4', ['bs4']],
  ['pillow', ['pil']],
  ['scikit-learn', ['sklearn']],
  ['opencv-python', ['cv2']],
  ['psycopg2-binary', ['psycopg2']],
  ['pyjwt', ['jwt']],
  ['attrs', ['attr', 'attrs']],
  ['setuptools', ['setuptools', 'pkg_resources']],
  ['msgpack-python', ['msgpack']],
  ['mysqlclient', ['mysqldb']],
  ['pycryptodome', ['crypto']],
]);

/** A module of Python itself, of any version in use or lately so. */
export function isStandardModule(name: string): boolean {
  return name.startsWith('_') || STANDARD.has(name);
}

const STANDARD: ReadonlySet<string> = new Set(
  `abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb
chunk cmath cmd code codecs codeop collections colorsys compileall compression concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses
dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch formatter fractions
ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress
itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib
nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath
pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select
selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string
stringprep struct subprocess sunau symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios test textwrap this threading time timeit tkinter
token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg
winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo`.split(/\s+/),
);
