package jq

import (
	"fmt"
	"reflect"
	"strconv"

	"github.com/itchyny/gojq"
)

// excess says what in an expression asks for a body that SQS never takes; nil is
// nothing. gojq makes an array as long as an index wants and a string as often as
// a number wants in one step, which no time limit ends. Only what is written out
// as a number is found.
func excess(query *gojq.Query) error { return excessIn(reflect.ValueOf(query)) }

func excessIn(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		switch node := v.Interface().(type) {
		case *gojq.Index:
			if n, large := tooMany(node.Start); large {
				return fmt.Errorf("the index %s makes a body of more than %d bytes, which SQS does not take", n, largest)
			}
		case *gojq.Query:
			if node.Op != gojq.OpMul {
				break
			}
			for _, sides := range [][2]*gojq.Query{{node.Left, node.Right}, {node.Right, node.Left}} {
				if n, large := tooMany(sides[1]); large && isText(sides[0]) {
					return fmt.Errorf("a text %s times makes a body of more than %d bytes, which SQS does not take", n, largest)
				}
			}
		}
		return excessIn(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				if err := excessIn(v.Field(i)); err != nil {
					return err
				}
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if err := excessIn(v.Index(i)); err != nil {
				return err
			}
		}
	default: // a name, a number, an operator
	}
	return nil
}

// tooMany tells that a query is a number of more elements than a body has bytes.
func tooMany(query *gojq.Query) (n string, large bool) {
	if query == nil || query.Term == nil || query.Term.Type != gojq.TermTypeNumber {
		return "", false
	}
	value, err := strconv.ParseFloat(query.Term.Number, 64)
	return query.Term.Number, err != nil || value > largest
}

func isText(query *gojq.Query) bool {
	return query != nil && query.Term != nil && query.Term.Type == gojq.TermTypeString
}
