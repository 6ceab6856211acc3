package pane

import "strings"

// Choice is the titles of what a pane can show, the shown one in brackets.
func Choice(shown int, titles ...string) string {
	words := make([]string, len(titles))
	for i, title := range titles {
		if i == shown {
			title = "[" + title + "]"
		}
		words[i] = title
	}
	return strings.Join(words, " ")
}
