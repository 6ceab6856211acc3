package payload

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"orderops/ui/text"
)

// branch is one member of the tree, in the order of the document.
type branch struct {
	key   string // cleaned
	value string // cleaned; of an object or array, how much is in it
	// raw is the member as it was written.
	raw string
	// path tells the member apart from others over different documents.
	path  string
	depth int
	// inside is how many of the branches that follow belong to this one.
	inside int
	// children is how many of them are its own members; -1 for a plain value.
	children int
	folded   bool
	// width is that of the widest key among its neighbours.
	width int
}

// deepest is the most levels that are told apart; what is deeper is shown as it
// is written.
const deepest = 64

// widestKey is the most cells that are kept free for keys.
const widestKey = 18

// plant makes the branches of a document under a name, at a path of its own. What is
// no JSON becomes its lines.
func plant(path, name, document string) []branch {
	root := branch{key: text.Clean(name), raw: document, path: path, children: -1}
	if trimmed := strings.TrimSpace(document); json.Valid([]byte(trimmed)) {
		grown := grow(root, []byte(trimmed))
		align(grown)
		return grown
	}
	lines := text.Lines(document)
	if len(lines) == 1 {
		root.value = lines[0]
		return []branch{root}
	}
	root.children = len(lines)
	root.inside = len(lines)
	list := []branch{root}
	for i, line := range lines {
		list = append(list, branch{value: line, raw: line, path: path + "/" + strconv.Itoa(i), depth: 1, children: -1})
	}
	return list
}

// grow makes the branches of valid JSON.
func grow(b branch, document []byte) []branch {
	b.raw = string(document)
	if first := document[0]; first != '{' && first != '[' || b.depth >= deepest {
		b.children, b.value = -1, strings.Join(text.Lines(compact(document)), "")
		return []branch{b}
	}
	d := json.NewDecoder(bytes.NewReader(document))
	_, _ = d.Token() // the bracket; the document is valid
	list := []branch{b}
	n := 0
	for ; d.More(); n++ {
		key := strconv.Itoa(n)
		if document[0] == '{' {
			token, _ := d.Token()
			key, _ = token.(string)
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			break
		}
		list = append(list, grow(branch{key: text.Clean(key), path: b.path + "/" + key, depth: b.depth + 1}, value)...)
	}
	list[0].children, list[0].inside = n, len(list)-1
	list[0].value = many(n, document[0] == '{')
	return list
}

func compact(document []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, document) != nil {
		return string(document)
	}
	return b.String()
}

func many(n int, fields bool) string {
	noun := "item"
	if fields {
		noun = "field"
	}
	if n != 1 {
		noun += "s"
	}
	return text.Count(n) + " " + noun
}

// align sets the width of the keys: the same for all plain values of one parent.
func align(list []branch) {
	for i := range list {
		if list[i].children < 0 {
			continue
		}
		widest := 0
		each(list, i, func(j int) {
			if list[j].children < 0 {
				widest = max(widest, min(text.Width(list[j].key), widestKey))
			}
		})
		each(list, i, func(j int) { list[j].width = widest })
	}
}

// each visits the own members of branch i.
func each(list []branch, i int, visit func(j int)) {
	for j := i + 1; j <= i+list[i].inside; j += 1 + list[j].inside {
		visit(j)
	}
}
