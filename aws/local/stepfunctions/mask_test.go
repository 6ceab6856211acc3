package stepfunctions_test

import "regexp"

// mask replaces what differs from run to run.
func mask(text string) string {
	for _, m := range [][2]string{
		{`"Output":"\{\\"ExecutedVersion\\".*\\"StatusCode\\":200\}"`, `"Output":"RESPONSE"`},
		{`\\"Cause\\":\\".*?requestId.*?\}\\"`, `\"Cause\":\"CAUSE\"`},
		{`[0-9a-f]{8}-[0-9a-f-]{27}`, "ID"},
	} {
		text = regexp.MustCompile(m[0]).ReplaceAllString(text, m[1])
	}
	return text
}
