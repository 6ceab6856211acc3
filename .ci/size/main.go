// Command size counts the lines of Go code below a folder, tests left out:
// lines that are neither blank nor only comment. It fails above the limit.
//
//	go run .ci/size/main.go aws/local 8000
package main

import (
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	limit, err := strconv.Atoi(os.Args[2])
	total := 0
	if err == nil {
		total, err = count(os.Args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	fmt.Printf("%s: %d lines of code without tests, at most %d\n", os.Args[1], total, limit)
	if total > limit {
		os.Exit(1)
	}
}

func count(folder string) (total int, err error) {
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		total += lines(text)
		return err
	})
	return total, err
}

// lines counts the lines on which a token stands, each line of a token of several.
func lines(text []byte) int {
	file := token.NewFileSet().AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, 0) // without comments
	used := map[int]bool{}
	for {
		at, kind, literal := s.Scan()
		if kind == token.EOF {
			return len(used)
		}
		if kind == token.SEMICOLON && literal == "\n" {
			continue // the end of a line, which is there without a token too
		}
		first := file.Line(at)
		for line := first; line <= first+strings.Count(literal, "\n"); line++ {
			used[line] = true
		}
	}
}
