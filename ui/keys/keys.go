// Package keys holds key bindings as data: one value serves matching, the key
// line, the help and docs/keys.md, so that they cannot differ.
package keys

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// Binding is one thing a key does.
type Binding struct {
	// Keys in the spelling of tea.Key.String: "enter", "ctrl+k", "G", "space".
	Keys []string
	// Label is how the keys are shown; empty means the first key.
	Label string
	// Help is what happens, in two or three words.
	Help string
}

// New makes a binding shown by its first key.
func New(help string, keys ...string) Binding { return Binding{Keys: keys, Help: help} }

// Match reports whether msg is one of the binding's keys.
func (b Binding) Match(msg tea.KeyPressMsg) bool {
	return key.Matches(msg, key.NewBinding(key.WithKeys(b.Keys...)))
}

// Name is the Label, or the first key.
func (b Binding) Name() string {
	if b.Label != "" || len(b.Keys) == 0 {
		return b.Label
	}
	return b.Keys[0]
}

// Section is a titled group of bindings.
type Section struct {
	Title    string
	Bindings []Binding
}

// Collisions lists the keys that several bindings of one place answer to.
func Collisions(bindings []Binding) []string {
	seen := map[string]string{}
	var out []string
	for _, b := range bindings {
		for _, k := range b.Keys {
			if other, dup := seen[k]; dup {
				out = append(out, k+": "+other+", "+b.Help)
			}
			seen[k] = b.Help
		}
	}
	return out
}

// Markdown writes the sections as tables, for docs/keys.md. name is what an
// operator knows a binding of a section by, "" when its keys can't be changed.
func Markdown(sections []Section, name func(section string, b Binding) string) string {
	var b strings.Builder
	for i, s := range sections {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("## " + s.Title + "\n\n| key | does | name |\n| --- | --- | --- |\n")
		for _, k := range s.Bindings {
			b.WriteString("| " + code(k) + " | " + strings.ReplaceAll(k.Help, "|", `\|`) + " | ")
			if n := name(s.Title, k); n != "" {
				b.WriteString("`" + n + "` ")
			}
			b.WriteString("|\n")
		}
	}
	return b.String()
}

// code writes the keys as code spans.
func code(b Binding) string {
	if b.Label != "" {
		return "`" + strings.ReplaceAll(b.Label, "|", `\|`) + "`"
	}
	spans := make([]string, len(b.Keys))
	for i, k := range b.Keys {
		spans[i] = "`" + strings.ReplaceAll(k, "|", `\|`) + "`"
	}
	return strings.Join(spans, " ")
}
