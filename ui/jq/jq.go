// Package jq edits message bodies by a jq expression.
package jq

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/itchyny/gojq"

	"orderops/workflow"
)

const (
	// longest bounds the work on one body.
	longest = time.Second
	// largest is the most bytes of a message (SQS SendMessage).
	largest = 1 << 20
)

// ExpressionError says what is wrong with an expression.
type ExpressionError struct {
	// Line and Column count from 1, in characters; 0 where jq does not tell.
	Line, Column int
	Problem      string
}

// Error tells the place first.
func (e *ExpressionError) Error() string {
	if e.Line == 0 {
		return e.Problem
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Problem)
}

// Compile reads an expression. What it makes gives one body for one body, within
// a second, and the same bytes where the expression changes nothing. It can read
// neither files nor the environment. The error is an *ExpressionError.
func Compile(expression string) (workflow.Transform, error) {
	query, err := gojq.Parse(expression)
	if err != nil {
		return nil, misread(expression, err)
	}
	if err := excess(query); err != nil {
		return nil, &ExpressionError{Problem: err.Error()}
	}
	code, err := gojq.Compile(query)
	if err != nil {
		return nil, &ExpressionError{Problem: err.Error()}
	}
	return func(ctx context.Context, body []byte) ([]byte, error) {
		was, err := decode(body)
		if err != nil {
			return nil, err
		}
		is, err := run(ctx, code, was)
		if err != nil {
			return nil, err
		}
		w := writer{}
		w.weave(body, was, is, 0)
		return w.out, w.err
	}, nil
}

// misread finds the place of a fault: the parser tells how many bytes it had
// read when it met the token.
func misread(expression string, err error) error {
	parse, ok := errors.AsType[*gojq.ParseError](err)
	if !ok {
		return &ExpressionError{Problem: err.Error()}
	}
	at := max(0, min(parse.Offset-len(parse.Token), len(expression)))
	before := expression[:at]
	line := strings.LastIndexByte(before, '\n') + 1
	return &ExpressionError{Line: strings.Count(before, "\n") + 1, Column: utf8.RuneCountInString(before[line:]) + 1, Problem: err.Error()}
}

// decode reads a body, its numbers as they are written.
func decode(body []byte) (any, error) {
	if problem := workflow.CheckJSON(body); problem != nil {
		return nil, problem
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	err := decoder.Decode(&value)
	return value, err
}

// run gives the one value that the expression makes of value.
func run(ctx context.Context, code *gojq.Code, value any) (any, error) {
	bounded, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	results := code.RunWithContext(bounded, value)
	result, ok := results.Next()
	if !ok {
		return nil, errors.New("the expression gives nothing; one body is needed")
	}
	if err := failure(ctx, bounded, result); err != nil {
		return nil, err
	}
	second, more := results.Next()
	if !more {
		return result, nil
	}
	if err := failure(ctx, bounded, second); err != nil {
		return nil, err
	}
	return nil, errors.New("the expression gives more than one value; one body is needed")
}

// failure is the error that a result is.
func failure(ctx, bounded context.Context, result any) error {
	err, is := result.(error)
	switch {
	case !is:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case bounded.Err() != nil:
		return fmt.Errorf("the expression took longer than %s", longest)
	}
	if halt, ok := errors.AsType[*gojq.HaltError](err); ok {
		return fmt.Errorf("the expression halts: %v", halt.Value())
	}
	return err
}
