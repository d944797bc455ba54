/** The site's mark, served at `/icon.svg`: three lines of a list, the first one risen; quiet on light and dark. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<style>path{stroke:#8c3a12;stroke-width:2;stroke-linecap:round}@media(prefers-color-scheme:dark){path{stroke:#f0aa7c}}</style>
<path d="M3 3.5h10M3 8h7M3 12.5h4"/>
</svg>
`;
