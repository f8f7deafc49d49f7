// Packs a folder as .pyc files, compiled by the Python that will run them: what every page needs,
// and the rest.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, now, later, rest] = process.argv.slice(2);
const root = path.dirname(createRequire(`${process.cwd()}/`).resolve("pyodide/package.json"));
const { loadPyodide } = await import(pathToFileURL(path.join(root, "pyodide.mjs")).href);
const { info } = JSON.parse(fs.readFileSync(path.join(root, "pyodide-lock.json"), "utf8"));
const py = await loadPyodide({ lockFileContents: { info, packages: {} }, checkAPIVersion: false });
py.FS.mkdir("/in");
py.mountNodeFS("/in", folder);
py.globals.set("rest", rest);
py.runPython(`
import os, py_compile, re, zipfile
hashed = py_compile.PycInvalidationMode.UNCHECKED_HASH

def pack(archive, path, name):
    made = zipfile.ZipInfo(name)  # always of 1980, so that the same files make the same archive
    with open(path, "rb") as file:
        archive.writestr(made, file.read(), zipfile.ZIP_DEFLATED, 9)

with zipfile.ZipFile("/now.zip", "w") as now, zipfile.ZipFile("/later.zip", "w") as later:
    tree = os.walk("/in")
    for path in sorted(os.path.join(folder, name) for folder, _, names in tree for name in names):
        name = path[4:]
        packed = later if re.match(rest, name) else now
        if name.endswith(".py"):
            how = {"doraise": True, "optimize": 2, "invalidation_mode": hashed}
            py_compile.compile(path, "/x.pyc", dfile=name, **how)
            path, name = "/x.pyc", name + "c"
        pack(packed, path, name)
`);
fs.writeFileSync(now, py.FS.readFile("/now.zip"));
fs.writeFileSync(later, py.FS.readFile("/later.zip"));
process.exit(0);
