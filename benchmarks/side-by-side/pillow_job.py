"""The photo job as a single-threaded Python script on Pillow: the program that Pipeline replaces. pillow_job.py LOGO OUT PHOTO..."""
import os
import sys

from PIL import Image, ImageFilter

Image.MAX_IMAGE_PIXELS = None


def process(path, logo, out):
    photo = Image.open(path)
    photo.load()
    photo = photo.convert("RGB")
    name = os.path.splitext(os.path.basename(path))[0]
    for width in (3840, 1920, 256):
        size = photo.resize((width, round(photo.height * width / photo.width)), Image.LANCZOS)
        size = size.filter(ImageFilter.GaussianBlur(2)).filter(ImageFilter.UnsharpMask(1, 100, 0))
        edge = min(size.size)
        mark_width, margin = round(0.3 * edge), round(0.03 * edge)
        mark = logo.resize((mark_width, round(logo.height * mark_width / logo.width)), Image.LANCZOS)
        mark.putalpha(mark.getchannel("A").point(lambda a: int(a * 0.4 + 0.5)))
        size.paste(mark, (size.width - mark.width - margin, size.height - mark.height - margin), mark)
        size.save(f"{out}/{name}_{width}.jpg", quality=85)


logo_path, out_folder = sys.argv[1:3]
os.makedirs(out_folder, exist_ok=True)
logo_picture = Image.open(logo_path).convert("RGBA")
for photo_path in sys.argv[3:]:
    process(photo_path, logo_picture, out_folder)
