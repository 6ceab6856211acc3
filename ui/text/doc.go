// Package text is the one place where text from outside becomes safe to show:
// what a terminal would obey is made visible, and widths are measured in cells.
package text
