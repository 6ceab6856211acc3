package template_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"orderops/aws/local/cloudformation/template"
)

// long is a value near the limit of parameters.
var long = strings.Repeat("l", 4000)

var head = "Parameters:\n  P: {Type: String, Default: p}\n  Long: {Type: String, Default: " + long + "}\nConditions:\n  Yes: !Equals [!Ref P, p]\n  No: !Not [!Equals [!Ref P, p]]\n  Named: !Not [!Condition Yes]\n" +
	"  Resource: !Equals [!Ref R, x]\n  All: !And [!Equals [a, a]]\nResources:\n  R: {Type: T}\nOutputs:\n  O:\n    Value: "

// evaluate gives the value of the output O, in a template that has the parameter
// P, conditions, and a resource R with the attribute Arn.
func evaluate(t *testing.T, value string) (string, error) {
	t.Helper()
	parsed, err := template.Parse([]byte(head + value))
	if err != nil {
		return "", err
	}
	values, err := parsed.Values(nil)
	if err != nil {
		t.Fatal(err)
	}
	scope := parsed.Scope(values)
	scope.Resource = func(name, attribute string) (string, bool) {
		return map[string]string{"": "ref-", "Arn": "arn-"}[attribute] + name, name == "R" && attribute != "Nothing"
	}
	return scope.Text(parsed.Outputs[0].Value)
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`plain`:                     "plain",
		`012`:                       "012",
		`0.10`:                      "0.10",
		`true`:                      "true",
		`"${P}"`:                    "${P}",
		`!Ref P`:                    "p",
		`{Ref: P}`:                  "p",
		`!Ref R`:                    "ref-R",
		`!GetAtt R.Arn`:             "arn-R",
		`!GetAtt [R, Arn]`:          "arn-R",
		`{"Fn::GetAtt": [R, Arn]}`:  "arn-R",
		`!Sub a-${P}-${R}-${R.Arn}`: "a-p-ref-R-arn-R",
		`{"Fn::Sub": "${P}"}`:       "p",
		`!Join ["-", [a, !Ref P, !Ref "AWS::NoValue"]]`: "a-p",
		`!If [Yes, a, b]`:              "a",
		`!If [No, a, !Ref P]`:          "p",
		"|\n      two\n      lines\n":  "two\nlines\n",
		">-\n      two\n      lines\n": "two lines",
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			got, err := evaluate(t, value)
			if err != nil || got != want {
				t.Errorf("%q, %v; want %q", got, err, want)
			}
		})
	}
}

func TestFunctionsRefuse(t *testing.T) {
	t.Parallel()
	const line = 15 // of the output's value
	for value, says := range map[string]string{
		`!Ref Nobody`:             `no parameter or resource "Nobody"`,
		`!Ref [P]`:                `no parameter or resource ""`,
		`!GetAtt R`:               "a resource and an attribute",
		`!GetAtt R.Nothing`:       "no Nothing of a resource R",
		`!Sub ${P`:                "${ without }",
		`!Sub ${Nobody}`:          `"Nobody"`,
		`!Sub ["${P}", {P: x}]`:   "Fn::Sub of a text only",
		`!Join [a]`:               "Fn::Join takes",
		`!Join ["", x]`:           "Fn::Join takes",
		`!Join ["", [{a: b}]]`:    "joins texts",
		`!If [Yes, a]`:            "Fn::If takes",
		`!ImportValue x`:          "does not know the function Fn::ImportValue",
		`!Select [0, [a]]`:        "does not know the function Fn::Select",
		`!Split [",", a]`:         "does not know the function Fn::Split",
		`!If [Resource, a, b]`:    `no parameter or resource "R"`,
		`!If [All, a, b]`:         "this form of the condition Fn::And",
		`{Ref: P, Other: x}`:      "Ref stands beside other members",
		`[a]`:                     "a text is needed",
		`!If [Named, a, b]`:       "this form of the condition Condition",
		`!If [Nobody, a, b]`:      `no condition "Nobody"`,
		`!Ref "AWS::NoValue"`:     "a text is needed",
		`{a: 1, a: 2}`:            "",
		`&anchor x`:               "does not read YAML's",
		`{<<: {a: b}}`:            "does not read YAML's",
		"[a]\nMappings: {M: {}}":  "does not know Mappings of a template",
		"[a]\nTransform: Another": "only the transform",
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			_, err := evaluate(t, value)
			at, ok := errors.AsType[*template.Error](err)
			if !ok || !strings.Contains(at.Problem, says) {
				t.Fatalf("error %v, want %q", err, says)
			}
			if at.Line < line-11 || at.Line > line+1 {
				t.Errorf("line %d", at.Line)
			}
		})
	}
}

func TestErrorTellsTheLine(t *testing.T) {
	t.Parallel()
	_, err := template.Parse([]byte("Resources:\n  R:\n    Type: T\n    Colour: red\n"))
	if err == nil || err.Error() != "template line 4: the local AWS does not know Colour of a resource" {
		t.Errorf("error %v", err)
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	const text = `
Parameters:
  Name: {Type: String, AllowedPattern: "[a-z]+"}
  Count: {Type: Number, Default: 3, MinValue: 1, MaxValue: 10}
  Kind: {Type: String, Default: a, AllowedValues: [a, b]}
Resources:
  R: {Type: T}
`
	for _, test := range []struct {
		name  string
		given map[string]string
		says  string // "" means accepted
	}{
		{"defaults", map[string]string{"Name": "x"}, ""},
		{"all", map[string]string{"Name": "abcde", "Count": "10", "Kind": "b"}, ""},
		{"missing", nil, "Name needs a value"},
		{"unknown", map[string]string{"Name": "x", "Colour": "red"}, "no parameter Colour"},
		{"pattern", map[string]string{"Name": "x1"}, "another AllowedPattern"},
		{"too long", map[string]string{"Name": strings.Repeat("a", 4097)}, "more than 4096 bytes"},
		{"no number", map[string]string{"Name": "x", "Count": "many"}, "must be a number"},
		{"not a number", map[string]string{"Name": "x", "Count": "NaN"}, "must be a number"},
		{"too small", map[string]string{"Name": "x", "Count": "0"}, "another MinValue"},
		{"too large", map[string]string{"Name": "x", "Count": "10.5"}, "another MaxValue"},
		{"not allowed", map[string]string{"Name": "x", "Kind": "c"}, `may not be "c"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			parsed, err := template.Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			values, err := parsed.Values(test.given)
			if test.says != "" {
				if err == nil || !strings.Contains(err.Error(), test.says) {
					t.Errorf("error %v, want %q", err, test.says)
				}
				return
			}
			if err != nil || values["Name"] != test.given["Name"] || len(values) != 3 {
				t.Errorf("values %v, %v", values, err)
			}
		})
	}
}

func TestNoValueLeavesMembersOut(t *testing.T) {
	t.Parallel()
	parsed, err := template.Parse([]byte("Resources:\n  R:\n    Type: T\n    Properties:\n      A: !Ref AWS::NoValue\n      B: [!Ref AWS::NoValue, b]\n"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := parsed.Scope(nil).Resolve(parsed.Resources[0].Properties)
	if err != nil || len(p.Fields) != 1 || len(p.Get("B").Items) != 1 {
		t.Errorf("properties %+v, %v", p, err)
	}
}

// Templates that grow when they are evaluated end in an error, soon.
func TestWhatGrowsIsRefused(t *testing.T) {
	t.Parallel()
	for value, says := range map[string]string{
		`!Sub "` + strings.Repeat("${Long}", 40) + `"`:                                      "gives more than",
		`!Join ["` + strings.Repeat("-", 1000) + `", [` + strings.Repeat("a,", 1000) + `]]`: "gives more than",
		strings.Repeat("[", 100) + strings.Repeat("]", 100):                                 "nested deeper",
		`"` + strings.Repeat("a", 1<<20) + `"`:                                              "at most",
	} {
		_, err := evaluate(t, value)
		if at, ok := errors.AsType[*template.Error](err); !ok || !strings.Contains(at.Problem, says) {
			t.Errorf("%.40s: error %v, want %q", value, err, says)
		}
	}
}

// FuzzParse wants a template of anything, or an error with one of its lines.
func FuzzParse(f *testing.F) {
	if text, err := os.ReadFile("../../../deploy/template.yaml"); err == nil {
		f.Add(string(text))
	}
	f.Add(head + `!Join [a, [b, !If [No, c, !Ref "AWS::NoValue"]]]`)
	f.Add(`{"Resources":{"R":{"Type":"T","Properties":{"Fn::If":[1]}}},"Outputs":{"O":{"Value":{"Fn::Sub":["${"]}}}}`)
	f.Add("Resources: {R: {Type: T, Condition: [!Ref]}}")
	f.Fuzz(func(t *testing.T, text string) {
		refused := func(err error) bool {
			if err == nil {
				return false
			}
			at, ok := errors.AsType[*template.Error](err)
			if lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1; !ok || at.Line < 1 || at.Line > lines {
				t.Fatalf("error without a line: %v", err)
			}
			return true
		}
		parsed, err := template.Parse([]byte(text))
		if refused(err) {
			return
		}
		values, err := parsed.Values(nil)
		if refused(err) {
			return
		}
		scope := parsed.Scope(values)
		for _, r := range parsed.Resources {
			_, err = scope.Holds(r.Condition, r.Line)
			refused(err)
			_, err = scope.Resolve(r.Properties)
			refused(err)
		}
		for _, o := range parsed.Outputs {
			_, err = scope.Text(o.Value)
			refused(err)
		}
	})
}
