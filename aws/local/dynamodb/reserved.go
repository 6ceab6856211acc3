package dynamodb

import (
	_ "embed"
	"strings"
)

// reservedWords are the words that no expression may use as an attribute name,
// one in each line (DynamoDB Developer Guide, "Reserved words").
//
//go:embed reserved.txt
var reservedWords string

// reserved tells whether an attribute of that name needs an alias (#x).
func reserved(name string) bool {
	return strings.Contains("\n"+reservedWords, "\n"+strings.ToUpper(name)+"\n")
}
