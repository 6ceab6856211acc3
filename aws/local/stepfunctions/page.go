package stepfunctions

import (
	"encoding/base64"
	"fmt"
	"iter"
	"math"
)

// Lengths of tokens and sizes of pages (API reference of ListExecutions).
const (
	maxToken    = 3096
	maxPage     = 1000
	defaultPage = 100
)

// pageInput are the members of a request for a page. MaxResults 0 is the default size.
type pageInput struct {
	MaxResults int
	NextToken  string
}

// cut takes a page out of a list. Items come with a position that rises and
// stays the same while the list grows: the token holds the position of the next
// one. of are the request's other arguments, which must not change between pages.
// The answer has the page as its member of that name.
func cut[T any](in pageInput, name string, items iter.Seq2[int, T], of ...any) (any, error) {
	size, from := in.MaxResults, math.MinInt
	switch {
	case size > maxPage:
		return nil, invalid("Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to %d", size, maxPage)
	case size < 0:
		return nil, invalid("Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 0", size)
	case size == 0:
		size = defaultPage
	}
	if in.NextToken != "" {
		if err := longest(in.NextToken, "nextToken", maxToken); err != nil {
			return nil, err
		}
		text, _ := base64.RawURLEncoding.DecodeString(in.NextToken)
		var rest string
		if _, err := fmt.Sscanf(string(text), "%d %q", &from, &rest); err != nil || rest != fmt.Sprint(of...) {
			return nil, refusal("InvalidToken", "Invalid Token: 'Invalid token'")
		}
	}
	page := []T{}
	for at, item := range items {
		if at < from {
			continue
		}
		if len(page) == size {
			next := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %q", at, fmt.Sprint(of...)))
			return object{name: page, "nextToken": next}, nil
		}
		page = append(page, item)
	}
	return object{name: page}, nil
}

// newestFirst lists backwards, with positions that rise.
func newestFirst[T any](all []T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := len(all) - 1; i >= 0 && yield(-i, all[i]); i-- {
		}
	}
}
